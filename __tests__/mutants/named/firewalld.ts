// Named mutants of firewalld: single mistakes in its generated files.

import { Edit, Named, each, only } from '../text/edit';

const server = (name: string, edit: Edit): Named => ({
  name: `firewalld server: ${name}`,
  edit: only('firewalld', 'server', edit),
});

export const FIREWALLD: readonly Named[] = [
  server(
    'what is left over comes in, or leaves',
    each(/target="DROP"/, () => 'target="ACCEPT"'),
  ),
  server(
    'zones decide first',
    each(/priority="-32000"(?=>\n {2}<ingress-zone name="ANY")/, () => 'priority="100"'),
  ),
  server(
    'zones decide the rest',
    each(/target="DROP"(?= .*\n {2}<ingress-zone name="ANY")/, () => 'target="CONTINUE"'),
  ),
  server(
    'the inside is kept out, and everybody else is left to the zones',
    each(/(?<=<source .*) invert="True"/, () => ''),
  ),
  server(
    'a set has everybody of half the internet',
    each(/<entry>[\d./]+<\/entry>/, () => '<entry>128.0.0.0/1</entry>'),
  ),
  server(
    'who is blocked comes in',
    each(/(?<=<source [^\n]*\n {4})<drop\/>/, () => '<accept/>'),
  ),
  server(
    'sources are asked of no one',
    each(/^ {4}<source .*\n/m, () => ''),
  ),
  server(
    'a redirect of routers leaves',
    each(/ {2}<rule .*\n {4}<icmp-type name="redirect"\/>\n {4}<drop\/>\n {2}<\/rule>\n/m, () => ''),
  ),
];
