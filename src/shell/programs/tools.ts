// The list of small programs. To add one: write its file, add its line.
import type { ToolDefinition } from './tool.ts';

export const tools: readonly ToolDefinition[] = [];
