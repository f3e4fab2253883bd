// Runs the tests of a firewalld that is killed within a reload (restarts.ts).

import { onFirewalld } from './host';
import { CALLED, tests } from './restarts';

jest.setTimeout(120_000);

onFirewalld(CALLED, tests);
