// Makes names for generated nftables text: the name of an owner's table, and names encoded for rule comments.

type TableRole = 'gw' | 'host';

/** Returns the name of an owner's table. Owners are `[a-z0-9-]`, so two owners never share a table's name. */
export const toTableName = (owner: string, role: TableRole): string =>
  `cpanel_edge_${owner.replaceAll('-', '_')}_${role}`;

/**
 * Returns a name in the form that a rule's comment allows, which holds 127 bytes. A character that isn't `[a-z0-9-]`
 * becomes its code point, `.22.`.
 */
export function encodeComment(name: string): string {
  const encoded = [...name.slice(0, 100)]
    .map((c) => (/[a-z0-9-]/.test(c) ? c : `.${c.codePointAt(0)!.toString(16)}.`))
    .join('');
  return encoded.length > 100 ? encoded.slice(0, 100) : encoded;
}
