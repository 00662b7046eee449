// The sample application in the learner's home: a web server for node with its Dockerfile.

/** Files by their path below the home directory. */
export const sampleApp: Readonly<Record<string, string>> = {
  'sample-nodejs-app/package.json': `{
  "name": "sample-nodejs-app",
  "version": "1.0.0",
  "description": "A page to deploy",
  "main": "server.js",
  "scripts": {
    "start": "node server.js"
  },
  "dependencies": {
    "express": "^4.21.2"
  }
}
`,
  'sample-nodejs-app/server.js': `const express = require('express');

const app = express();
const port = 8181;

app.get('/', (req, res) => {
  res.send(\`
    <h1>Hello from a container!</h1>
    <p>This page is served by Node.js.</p>
  \`);
});

app.listen(port, () => {
  console.log(\`Listening on port \${port}\`);
});

// A container's first process has to end by itself when it is asked to.
process.on('SIGTERM', () => process.exit(0));
`,
  'sample-nodejs-app/Dockerfile': `FROM node:20-alpine

WORKDIR /app

COPY package.json .

RUN npm install

COPY . .

EXPOSE 8181

CMD ["node", "server.js"]
`,
  'sample-nodejs-app/.dockerignore': 'node_modules\n',
};
