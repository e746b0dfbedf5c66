/** The program's version, put in by the build. */
declare const WATCHLINE_VERSION: string | undefined;

/** Run from source, without a build, there is none. */
export const version = typeof WATCHLINE_VERSION === 'string' ? WATCHLINE_VERSION : '0.0.0-source';
