// Merges the files of a folder in firewalld's zones/ into one zone, as firewalld does: zones/public/a.xml and
// zones/public/b.xml are parts of zone public.

import { XmlFile } from './firewalld-files';
import { FirewalldVersion, isAtLeast } from './firewalld-version';

/** Returns the folder of a part of a zone: zones/more/a.xml belongs to zone more and is called more/a. */
const findFolder = (name: string): string | undefined => /^(.*)\//s.exec(name)?.[1];

/** Returns the name of the zone that a zone file is, or is a part of. */
export const getZoneName = (name: string): string => findFolder(name) ?? name;

/**
 * Returns the zones: single files, and the files of each folder merged. Targets and priorities of merged files don't
 * count. A file with the folder's name is left out; before 1.2 the folder adds to it, if it is the administrator's.
 * Source: firewall/core/fw.py, and Zone.combine of its io/zone.py, 1.1.1 and 1.3.3.
 */
export function mergeZoneFolders(files: readonly XmlFile[], version: FirewalldVersion): readonly XmlFile[] {
  const addsToFile = !isAtLeast(version, '1.2');
  const merged = [...new Set(files.flatMap(({ name }) => findFolder(name) ?? []))].map((name) => {
    const file = files.find((zoneFile) => zoneFile.name === name && addsToFile && !zoneFile.isStock);
    const parts = files
      .filter((zoneFile) => findFolder(zoneFile.name) === name)
      .sort(createNameOrder(addsToFile ? '.xml' : ''));
    return mergeParts(name, file, parts, addsToFile && isAtLeast(version, '1.0'));
  });
  const singleFiles = files.filter(
    ({ name }) => findFolder(name) === undefined && merged.every((zoneFile) => zoneFile.name !== name),
  );
  return [...singleFiles, ...merged].sort(createNameOrder(''));
}

const createNameOrder =
  (ending: string) =>
  (a: XmlFile, b: XmlFile): number =>
    `${a.name}${ending}` < `${b.name}${ending}` ? -1 : 1;

/** Returns a zone with the elements of all parts, in the place of the first. */
function mergeParts(name: string, file: XmlFile | undefined, parts: readonly XmlFile[], forwards: boolean): XmlFile {
  const files = file ? [file, ...parts] : parts;
  const [first] = files as [XmlFile, ...XmlFile[]];
  const children = files.flatMap(({ root }) => root.children);
  const root = { ...first.root, attributes: file?.root.attributes ?? {} };
  // In 1.0 and 1.1 packets pass between the zone's own interfaces whether a file says so or not.
  return {
    ...first,
    name,
    root: { ...root, children: forwards ? [...children, { ...root, name: 'forward', children: [] }] : children },
  };
}
