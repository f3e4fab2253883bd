// Runs the tests of deliveries.ts (the agent for pfSense delivers, confirms, removes) with further versions of pfSense.

import { Api, canHaveBox } from '../machine';
import { basics, further } from './deliveries';
import { describeWhere } from '../../../where-possible';

const withBox = describeWhere(canHaveBox, 'the agent for pfSense', 'root on Linux, and php-cli with php-xml');

withBox.each<Api>(['2.6', 'newest'])('on a box with the functions of %s', basics);

withBox.each<Api>(['2.7', '2.6', 'newest'])('further, on a box with the functions of %s', further);
