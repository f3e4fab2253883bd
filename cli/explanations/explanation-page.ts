// The type of a page of explanations: data that `cpanel-edge explain` prints and of which docs/reference/errors is made.

export interface ExplanationPage {
  /** File name below docs/reference/errors, without its ending. */
  readonly name: string;
  readonly title: string;
  /** Markdown above the first code. */
  readonly introduction: string;
  /**
   * Markdown by code: why it is refused, then what to do: 10 to 40 words mostly. The room PLATFORM stands for any
   * platform. Links lead from the root of the package. Codes are in alphabetical order.
   */
  readonly explanations: Readonly<Record<string, string>>;
}
