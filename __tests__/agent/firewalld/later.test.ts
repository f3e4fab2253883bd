// Tests the agent with a later version of firewalld.

import { onLaterFirewalld } from './host';
import { startedAnew } from './later';

jest.setTimeout(120_000);

onLaterFirewalld('policies on a device', startedAnew, ['2.5']);
