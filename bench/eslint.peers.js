import { defineConfig } from 'eslint/config';
import root from '../eslint.config.js';

// The project's rules for the files whose imports only bench/node_modules has.

const isIgnore = ({ ignores, files }) => ignores !== undefined && files === undefined;

export default defineConfig(root.filter((config) => !isIgnore(config)));
