import { Problem } from '../../../problems/problem';
import * as problems from './problems';

export type TableRole = 'gw' | 'host';

/** Owners are `[a-z0-9-]`, so two owners never share a table's name. */
export function tableName(device: string, owner: string, role: TableRole, found: Problem[]): string {
  if (!/^[a-z0-9-]{1,60}$/.test(owner)) found.push(problems.ownerName(device, owner));
  return `cpanel_edge_${owner.replaceAll('-', '_')}_${role}`;
}

export function checkInterfaceNames(device: string, names: Iterable<string>, found: Problem[]): void {
  for (const name of new Set(names)) {
    if (!/^[A-Za-z0-9._:@-]{1,15}$/.test(name)) found.push(problems.interfaceName(device, name));
  }
}

/** A name as it may stand in a rule's comment, which holds 127 bytes: what isn't `[a-z0-9-]` becomes its code point, `.22.`. */
export function commentText(name: string): string {
  const encoded = [...name.slice(0, 100)].map((c) => (/[a-z0-9-]/.test(c) ? c : `.${c.codePointAt(0)!.toString(16)}.`)).join('');
  return encoded.length > 100 ? encoded.slice(0, 100) : encoded;
}
