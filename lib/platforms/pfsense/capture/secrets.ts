// Removes credentials from URLs in texts of pfSense's config.xml, and guesses whether a free text holds a secret.

/**
 * Returns `https://lists.example` from `https://user:word@lists.example/path?token=…`. A text that isn't a URL stays.
 */
export const getOrigin = (text: string): string => {
  const [, scheme, host] = /^\s*([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?([^/?#@\s]*)/i.exec(text) ?? [];
  return scheme === undefined ? text : `${scheme}://${host}`;
};

/** Removes user names and passwords in front of hosts, wherever a URL stands. */
export const removeCredentials = (text: string): string => text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi, '$1');

const SECRET_NAME =
  /\b(pass(word|wd|phrase)?|pwd|passwort|kennwort|secret|psk|pre-?shared|token|api[ _-]?key|private[ _-]?key|community)\s*(is\b|[:=])/i;
const PASSWORD_HASH = /\$(1|2[abxy]?|5|6|y|argon2\w*)\$/;
const PEM_BLOCK = /-----BEGIN /;
const LONG_WORD = /[A-Za-z0-9+/_=-]{20,}/g;

/**
 * Returns whether a person should check a free text before others see it. This is a guess: it may miss a secret or be
 * wrong.
 */
export const isLikelySecret = (text: string): boolean =>
  SECRET_NAME.test(text) ||
  PASSWORD_HASH.test(text) ||
  PEM_BLOCK.test(text) ||
  (text.match(LONG_WORD) ?? []).some((word) => isHex(word) || isMixed(word));

const isHex = (word: string): boolean => word.length >= 32 && /^[0-9a-f]+$/i.test(word);
const isMixed = (word: string): boolean =>
  [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => (word.match(new RegExp(kind, 'g')) ?? []).length >= 3);
