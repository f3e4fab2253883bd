// The answers that a question to `exposure` can have.

/** Answers, the worst first. */
export const ANSWERS = ['yes', 'cannotTell', 'only', 'no'] as const;
export type Answer = (typeof ANSWERS)[number];
