import * as t from 'io-ts';
import { topic } from '../../../src/index.js';

/** What the killed consumer handles; each number is published once, and stands for its message. */
export const Numbers = topic('numbers', t.number);
