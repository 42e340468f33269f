/** What to do about the errors that disks have. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left; free some, it goes on by itself',
  EDQUOT: 'the disk quota is used up; raise it, it goes on by itself',
  EROFS: 'the file system is read-only; remount it, it goes on by itself',
  EACCES: 'the directory may not be written to; give the right back, it goes on by itself',
  EPERM: 'the directory may not be written to; give the right back, it goes on by itself',
  ENOENT: 'its directory is gone; restore it and restart',
  EIO: 'the disk has a fault; replace it',
};

/** A failed write or flush in words for an operator, without paths. */
export function describeTrouble(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error.message;
  const advice = ADVICE[code];
  return advice === undefined ? code : `${code}: ${advice}`;
}
