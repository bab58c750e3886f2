export default function Page() {
  return (
    <>
      <h1>Hello</h1>
      <p>The chat is in the corner.</p>
    </>
  );
}
