import * as t from 'io-ts';
import { topic } from '../src/index.js';

export const Orders = topic('orders', t.type({ id: t.number, name: t.string, cents: t.number }));
