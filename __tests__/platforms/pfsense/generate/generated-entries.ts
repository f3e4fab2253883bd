// Generates a pfSense configuration, and returns the entries in it.

import { generator } from '../../../../lib/platforms/pfsense/generate/generator';
import { GatewayPolicy } from '../../../../lib/policy/policy';
import { XmlElement, parseXml } from '../../../../lib/xml/parse-xml';

// Returns a release's entries by list.

export const write = (policy: GatewayPolicy, captured?: string): string => generator.write(policy, captured).text;
export const list = (text: string, section: string, name: string): readonly XmlElement[] =>
  parseXml(text)
    .children.filter((one) => one.name === section)
    .flatMap(({ children }) => children.filter((one) => one.name === name));
export const said = (element: XmlElement, ...path: readonly string[]): string | undefined =>
  path.reduce<XmlElement | undefined>((at, name) => at?.children.find((one) => one.name === name), element)?.text;
export const ours = (elements: readonly XmlElement[]): readonly XmlElement[] =>
  elements.filter((one) => said(one, 'descr')?.startsWith('cpanel-edge:web-team/'));
