import { render } from "preact";

function App() {
  return <p>Foederis</p>;
}

render(<App />, document.getElementById("app")!);
