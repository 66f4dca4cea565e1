/** The thread that checks notebooks while the user types. */
import { serve } from '../engine/rpc';
import { parentEndpoint } from '../engine/web-endpoint';
import { serveLint } from './lint-service';

serve(parentEndpoint(), serveLint());
