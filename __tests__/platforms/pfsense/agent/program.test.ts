// Runs the tests of deliveries.ts: the agent for pfSense delivers, confirms and removes releases on a simulated box.

import { canHaveBox } from '../machine';
import { basics } from './deliveries';
import { describeWhere } from '../../../where-possible';

const withBox = describeWhere(canHaveBox, 'the agent for pfSense', 'root on Linux, and php-cli with php-xml');

withBox('on a box with the functions of 2.7', () => basics('2.7'));
