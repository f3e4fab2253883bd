import { REST, answers } from './protocol';

answers(REST);
