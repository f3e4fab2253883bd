import { QUICK, answers } from './protocol';

jest.setTimeout(120_000);

answers(QUICK);
