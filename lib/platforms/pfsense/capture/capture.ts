import { Refusal } from '../../../problems/problem';
import { Captured, Capturing } from '../../../reading/capture';
import { XmlElement, XmlError, parseXml } from '../../../xml/xml';
import { KEPT } from './kept';
import * as say from './problems';
import { rendered } from './render';
import { Said, sieved } from './sieve';

export const capturing: Capturing = { capture };

function capture(text: string): Captured {
  const root = configurationIn(text);
  const said: Said = { leftOut: new Set(), suspicious: [] };
  const stays = sieved(root, KEPT, said);
  return {
    text: `<?xml version="1.0"?>\n<pfsense>\n\t<cpanel_edge><captured/></cpanel_edge>\n${rendered(stays, 1)}</pfsense>\n`,
    leftOut: [...said.leftOut].sort(),
    suspicious: said.suspicious,
  };
}

/** The configuration of a text: of a live one without what runs, which stands after it. Its mark is taken off. */
function configurationIn(text: string): XmlElement {
  if (/^\s*-{4} ?BEGIN /.test(text)) throw new Refusal([say.encrypted()]);
  const root = parsed(text.replace(/(<\/pfsense>[ \t\r]*\n)# pfctl [\s\S]*$/, '$1'));
  if (root.name !== 'pfsense') throw new Refusal([say.otherRoot(root.line, root.name)]);
  const [mark] = root.children.filter(({ name }) => name === 'cpanel_edge');
  if (mark?.children.some(({ name }) => name === 'assumed')) throw new Refusal([say.assumed(mark.line)]);
  return { ...root, children: root.children.filter((child) => child !== mark) };
}

function parsed(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal([say.notXml(error.line, error.what)]);
    throw error;
  }
}
