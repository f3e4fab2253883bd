// Creates the source of a lowered rule (line and text, for reports): an XML element, or firewalld itself for the rules
// that it adds to every configuration.

import { RuleSource } from '../../../../evaluator/ruleset-model';
import { FirewalldElement } from './firewalld-files';

export const createElementSource = ({ line, sourceText }: FirewalldElement): RuleSource => ({
  line,
  text: sourceText.replace(/\s+/g, ' '),
});

/** The source of a rule that firewalld adds to every configuration. */
export const createBuiltInSource = (text: string): RuleSource => ({
  line: 1,
  text: `firewalld: ${text}`,
  isName: true,
});
