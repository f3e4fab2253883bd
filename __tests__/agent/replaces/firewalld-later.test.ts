// Runs the checks of firewalld-later.ts on a later version of firewalld.

import { besideLaterFirewalld } from './firewalld-host';
import { checks } from './firewalld-later';

jest.setTimeout(120_000);

besideLaterFirewalld('a firewall that gives way to it', checks, ['2.5']);
