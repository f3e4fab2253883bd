import { Said } from '../../../../evaluator/model';
import { Element } from './files';

export const saidBy = ({ line, written }: Element): Said => ({ line, text: written.replace(/\s+/g, ' ') });

/** What firewalld adds to every configuration. */
export const OWN = (text: string): Said => ({ line: 1, text: `firewalld: ${text}`, isName: true });
