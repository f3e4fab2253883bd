import { QUICK, answers } from './protocol';

answers(QUICK);
