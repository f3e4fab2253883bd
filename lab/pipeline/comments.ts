// Simulates the API of GitHub or GitLab for comments on one pull request, for the lab's tests of pipelines.
import { createServer } from 'node:http';

/**
 * usage: comments.ts github|gitlab TOKEN
 * Lists the comments of the request page by page, creates and updates them. Prints the URL on which it listens; GET /all returns every
 * comment. A request that the provider would refuse is refused: without the token, or without a user agent (GitHub).
 */
const [provider, token] = process.argv.slice(2) as ['github' | 'gitlab', string];

interface Comment {
  readonly id: number;
  body: string;
  /** Account that wrote it. */
  readonly by: string;
}

const OWN = { github: 'github-actions[bot]', gitlab: 'project_1_bot' }[provider];
const PATHS = {
  github: { list: '/repos/team/edge/issues/7/comments', one: '/repos/team/edge/issues/comments/', renew: 'PATCH' },
  gitlab: { list: '/projects/1/merge_requests/7/notes', one: '/projects/1/merge_requests/7/notes/', renew: 'PUT' },
}[provider];

// More than one page of comments, one of which looks like a review but has another author.
const comments: Comment[] = Array.from({ length: 130 }, (_, at) => ({
  id: 1000 + at,
  body: at === 3 ? '<!-- cpanel-edge review -->\n## ✅ Nothing to object to' : `comment ${at}`,
  by: 'somebody',
}));

const shown = ({ id, body, by }: Comment): object =>
  provider === 'github' ? { id, body, user: { login: by } } : { id, body, author: { username: by } };

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://api');
  const answer = (status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const said =
      provider === 'github'
        ? request.headers['authorization'] === `Bearer ${token}`
        : request.headers['private-token'] === token;
    if (url.pathname === '/all') return answer(200, comments);
    if (!said) return answer(401, { message: 'Bad credentials' });
    if (provider === 'github' && !request.headers['user-agent']) return answer(403, { message: 'no user agent' });
    if (url.pathname === '/user' && provider === 'gitlab') return answer(200, { username: OWN });
    const body = (): string => (JSON.parse(Buffer.concat(parts).toString('utf8')) as { body: string }).body;
    if (url.pathname === PATHS.list && request.method === 'GET') {
      const [size, page] = [Number(url.searchParams.get('per_page') ?? 20), Number(url.searchParams.get('page') ?? 1)];
      return answer(200, comments.slice((page - 1) * size, page * size).map(shown));
    }
    if (url.pathname === PATHS.list && request.method === 'POST') {
      const made = { id: 1000 + comments.length, body: body(), by: OWN };
      comments.push(made);
      return answer(201, shown(made));
    }
    const one = comments.find(({ id }) => url.pathname === `${PATHS.one}${id}`);
    if (one && request.method === PATHS.renew) {
      one.body = body();
      return answer(200, shown(one));
    }
    return answer(404, { message: 'Not Found' });
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
});
