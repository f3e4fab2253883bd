import { App } from 'cdktf';
import { EdgeStack } from './stacks/edge-stack';
import { lab } from './stacks/environments/lab';
import { production } from './stacks/environments/production';

// The app that cdktf.json names: one stack for each environment.
const app = new App();
new EdgeStack(app, 'lab', lab);
new EdgeStack(app, 'production', production);
app.synth();
