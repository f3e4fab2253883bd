import { Said } from '../../../reading/stages/model';
import { XmlElement } from '../../../xml/xml';
import { ConfigFile } from './files';

export const lineOf = ({ line }: ConfigFile, element: XmlElement): number => line + element.line - 1;

export const saidBy = (file: ConfigFile, element: XmlElement): Said => ({
  line: lineOf(file, element),
  text: file.text.slice(element.start, element.end).replace(/\s+/g, ' '),
});

/** What firewalld adds to every configuration. */
export const OWN = (text: string): Said => ({ line: 1, text: `firewalld: ${text}`, isName: true });
