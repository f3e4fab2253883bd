import { XmlFile } from './files';
import { Version, atLeast } from './version';

/** zones/more/a.xml is a part of zone more, and is called more/a. */
const folderOf = (name: string): string | undefined => /^(.*)\//s.exec(name)?.[1];

/** The zone that a file of zones is, or is a part of. */
export const zoneOf = (name: string): string => folderOf(name) ?? name;

/**
 * Files of zones, and those of each folder as one: neither targets nor priorities of these count. A file that is called as the folder doesn't
 * either; before 1.2 the folder adds to that, where it is the administrator's. Source: firewall/core/fw.py, and Zone.combine of its io/zone.py, 1.1.1
 * and 1.3.3.
 */
export function byFolders(files: readonly XmlFile[], version: Version): readonly XmlFile[] {
  const addsToFile = !atLeast(version, '1.2');
  const joined = [...new Set(files.flatMap(({ name }) => folderOf(name) ?? []))].map((name) => {
    const file = files.find((one) => one.name === name && addsToFile && !one.isStock);
    const parts = files.filter((one) => folderOf(one.name) === name).sort(inTurn(addsToFile ? '.xml' : ''));
    return asOne(name, file, parts, addsToFile && atLeast(version, '1.0'));
  });
  const others = files.filter(({ name }) => folderOf(name) === undefined && joined.every((one) => one.name !== name));
  return [...others, ...joined].sort(inTurn(''));
}

const inTurn =
  (ending: string) =>
  (a: XmlFile, b: XmlFile): number =>
    `${a.name}${ending}` < `${b.name}${ending}` ? -1 : 1;

/** As if all stood in the first of them. */
function asOne(name: string, file: XmlFile | undefined, parts: readonly XmlFile[], forwards: boolean): XmlFile {
  const all = file ? [file, ...parts] : parts;
  const [first] = all as [XmlFile, ...XmlFile[]];
  const children = all.flatMap(({ root }) => root.children);
  const root = { ...first.root, attributes: file?.root.attributes ?? {} };
  // In 1.0 and 1.1 between its own interfaces packets pass whether a file says so or not.
  return {
    ...first,
    name,
    root: { ...root, children: forwards ? [...children, { ...root, name: 'forward', children: [] }] : children },
  };
}
