/** How a platform's whole configuration becomes what a repository may hold of it. */
export interface ConfigCapturer {
  /**
   * What decides about packets, in one spelling, without secrets: no password, key, certificate or account is in it. Only what is known
   * to be needed stays, so that what a newer version adds is left out and named. Throws Refusal for text that isn't a configuration of
   * this platform.
   */
  capture(text: string): CaptureResult;
}

export interface CaptureResult {
  /** The same for the same meaning: ready for the repository, for a writer's `write` and for the reader. */
  readonly text: string;
  /** Names of what was left out though it isn't known to be without effect on packets, sorted: a person looks at these. */
  readonly leftOut: readonly string[];
  /** Where descriptions stand that look like a secret: they stay, because people need them, and a person looks at these first. */
  readonly suspicious: readonly string[];
  /** Which the configuration says, and where; undefined where it says none. */
  readonly version: { readonly is: string; readonly line: number } | undefined;
}
