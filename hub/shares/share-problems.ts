/** The answers about shares that are no success. */
import { MAX_OPEN_SHARES, shareProblems } from '../../shared/share-terms.ts';
import { ProblemError } from '../http/problem.ts';

export function shareRevoked(): ProblemError {
  return new ProblemError(403, shareProblems.revoked, 'The owner ended this share.', {
    remedy: 'Ask whoever sent the link for a new one.',
  });
}

export function shareExpired(): ProblemError {
  return new ProblemError(403, shareProblems.expired, 'This share has expired.', {
    remedy: 'Ask whoever sent the link for a new one.',
  });
}

export function sharePaused(): ProblemError {
  return new ProblemError(403, shareProblems.paused, 'The owner has paused this share.', {
    remedy: 'It is asked again by itself, and goes on when the owner lets it.',
    isRetryable: true,
    headers: { 'Retry-After': '10' },
  });
}

export function shareFull(maxViewers: number): ProblemError {
  return new ProblemError(
    429,
    shareProblems.full,
    `As many are watching this share as may at a time: ${maxViewers}.`,
    {
      remedy: 'It is asked again by itself, and opens when somebody leaves; its owner can let more in.',
      isRetryable: true,
      headers: { 'Retry-After': '20' },
    },
  );
}

/** 401: told by a wrong secret as by an id that does not exist. */
export const wrongLinkWords = {
  code: shareProblems.wrongLink,
  remedy: 'Open the whole link, with what follows the "#", or ask whoever sent it for a new one.',
};

export function unknownShare(): ProblemError {
  return new ProblemError(404, 'unknown-share', 'This hub knows no such share.', {
    remedy: 'Name a share by its id, as GET /api/v1/shares lists them.',
  });
}

export function shareOver(): ProblemError {
  return new ProblemError(409, 'share-over', 'This share is revoked or expired, and stays that.', {
    remedy: 'Make a new one.',
  });
}

export function tooManyShares(): ProblemError {
  return new ProblemError(
    409,
    'too-many-shares',
    `This hub has ${MAX_OPEN_SHARES} open shares, and takes no more.`,
    {
      remedy: 'Revoke some that are not needed any more.',
    },
  );
}
