/** The database of history, in its folder; by itself, so that who only looks for it loads no SQLite. */
export const HISTORY_FILE = 'history.db';
