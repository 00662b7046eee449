// Keeps a mistake in one pane from taking the page with it.
import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

export class PaneGuard extends Component<Props, { readonly fault: string | undefined }> {
  override state = { fault: undefined };

  static getDerivedStateFromError(error: unknown): { readonly fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return (
      <p className="loading" role="alert">
        This pane has failed: <code>{fault}</code>{' '}
        <button type="button" className="link" onClick={() => this.setState({ fault: undefined })}>
          Show it again
        </button>
      </p>
    );
  }
}
