/** The version of volumes, kept in the file (`user_version`); 0: it is still being made. */

/** Grows when an older program would misread the file; volumes of another number are set aside. */
export const VOLUME_VERSION = 2;
