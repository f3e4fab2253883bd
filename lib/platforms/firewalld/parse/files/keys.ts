/** What firewalld.conf says of a key. */
interface Said {
  readonly value: string;
  readonly line: number;
}

/** The file, and its first line in the text. */
interface Conf {
  readonly text: string;
  readonly line: number;
}

/** What counts of each key: the first of its lines that has a value. Source: firewall/core/io/firewalld_conf.py, 1.3.3. */
export function keysIn({ line, text }: Conf): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  for (const [at, written] of text.split('\n').entries()) {
    const [key = '', value = '', ...more] = written.split('=').map((part) => part.trim());
    if (!/^[#;]/.test(key) && value !== '' && more.length === 0 && !said.has(key))
      said.set(key, { value, line: line + at });
  }
  return said;
}
