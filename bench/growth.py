"""A chart of what sharing gains, measured beside the formula q(P + S) / (P + qS), as one SVG."""

from collections.abc import Sequence

LEFT, TOP, WIDTH, HEIGHT = 60, 40, 520, 300
COLOURS = ("#1b6ca8", "#c1542d", "#3c8d5a", "#7b4ba0")


def growth_chart(points: Sequence[dict[str, float]]) -> str:
    """Gain over separate examples (upright) by questions on a document set (across); dashed lines are the formula."""
    questions = sorted({point["q"] for point in points})
    most = max(max(point["gain"], point["formula"]) for point in points)

    def place(q: float, gain: float) -> str:
        return f"{LEFT + WIDTH * questions.index(q) / (len(questions) - 1):.1f},{TOP + HEIGHT * (1 - gain / most):.1f}"

    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 120} {TOP + HEIGHT + 60}" role="img" '
        'font-family="sans-serif" font-size="13"><title>Gain of reading shared documents once</title>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="{LEFT}" y="22">times faster than separate examples '
        "(solid: measured, dashed: q(P + S) / (P + qS))</text>"
    )
    parts = [head]
    for gain in range(0, int(most) + 1, 2):
        height = place(questions[0], gain).split(",")[1]
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{height}" y2="{height}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 10}" y="{height}" text-anchor="end" dominant-baseline="middle">{gain}</text>')
    for q in questions:
        across = place(q, 0).split(",")[0]
        parts.append(f'<text x="{across}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{q}</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP + HEIGHT + 44}">questions on one set of documents</text>')
    for size, colour in zip(sorted({point["document_tokens"] for point in points}), COLOURS, strict=False):
        chosen = [point for point in points if point["document_tokens"] == size]
        for name, dash in (("gain", ""), ("formula", ' stroke-dasharray="5 4"')):
            line = " ".join(place(point["q"], point[name]) for point in chosen)
            parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        x, y = place(chosen[-1]["q"], chosen[-1]["gain"]).split(",")
        parts.append(
            f'<text x="{float(x) + 8}" y="{y}" fill="{colour}" dominant-baseline="middle">{size} tokens</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
