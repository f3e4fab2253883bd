// The type ConfigCapturer: reduces a platform's whole configuration to the text that a repository may hold, without
// secrets.

/** Captures a platform's whole configuration: reduces it to the text that a repository may hold. */
export interface ConfigCapturer {
  /**
   * Returns the parts of the configuration that decide about packets, in one spelling. They hold no secrets: no
   * password, key, certificate or account. Only parts that are known to be needed stay, so anything that a newer
   * version adds is left out and named.
   * @throws Refusal for text that isn't a configuration of this platform.
   */
  capture(text: string): CaptureResult;
}

export interface CaptureResult {
  /**
   * The captured config, ready for the repository, for a generator and for the parser. Equal meanings give equal texts.
   */
  readonly text: string;
  /**
   * Names of the parts that were left out though they aren't known to be without effect on packets, sorted. A person
   * looks at these.
   */
  readonly omittedParts: readonly string[];
  /**
   * Places of descriptions that look like a secret. They stay, because people need them; a person looks at these first.
   */
  readonly suspicious: readonly string[];
  /** The version that the configuration states, and its line; undefined if it states none. */
  readonly version: { readonly is: string; readonly line: number } | undefined;
}
