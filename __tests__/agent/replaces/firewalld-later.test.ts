// Runs the tests of firewalld-later.ts with firewalld 2.5: a release on firewalld replaces csf.

import { besideLaterFirewalld } from './firewalld-host';
import { checks } from './firewalld-later';

jest.setTimeout(120_000);

besideLaterFirewalld('a firewall that a release on firewalld replaces', checks, ['2.5']);
