// Parses firewalld.conf, lines of `key=value`: returns the value and the line number of each key.

/** The value of a key in firewalld.conf, and its line. */
interface ConfValue {
  readonly value: string;
  readonly line: number;
}

/** The text of the file, and its first line in the whole text. */
interface ConfText {
  readonly text: string;
  readonly line: number;
}

/**
 * Returns the value of each key: the first of its lines that has a value counts. Source:
 * firewall/core/io/firewalld_conf.py, 1.3.3.
 */
export function parseConfValues({ line, text }: ConfText): ReadonlyMap<string, ConfValue> {
  const values = new Map<string, ConfValue>();
  for (const [index, confLine] of text.split('\n').entries()) {
    const [key = '', value = '', ...more] = confLine.split('=').map((part) => part.trim());
    if (!/^[#;]/.test(key) && value !== '' && more.length === 0 && !values.has(key))
      values.set(key, { value, line: line + index });
  }
  return values;
}
