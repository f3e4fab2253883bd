import { REST, answers } from './protocol';

jest.setTimeout(120_000);

answers(REST);
