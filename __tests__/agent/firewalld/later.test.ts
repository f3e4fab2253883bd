// Runs the test of later.ts with firewalld 2.5: the rules of a release are never away while firewalld starts anew.

import { onLaterFirewalld } from './host';
import { startedAnew } from './later';

jest.setTimeout(120_000);

onLaterFirewalld('policies of a release', startedAnew, ['2.5']);
