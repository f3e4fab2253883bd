import { App } from 'cdktf';
import { EdgeStack } from './stacks/edge-stack';
import { lab } from './stacks/environments/lab';
import { production } from './stacks/environments/production';

const app = new App();
new EdgeStack(app, 'lab', lab);
new EdgeStack(app, 'production', production);
app.synth();
