// What attach says before a session: it is recorded, and the container may wait for input.

export const recordedNotice = `All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
If you don't see a command prompt, try pressing enter.
`;
