// Runs the tests of folders.ts: releases on firewalld zones that consist of several files.

import { onLaterFirewalld } from './host';
import { tests } from './folders';

jest.setTimeout(120_000);

onLaterFirewalld('zones of several files', tests, ['2.5']);
