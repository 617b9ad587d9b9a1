"""How far apart two colours are for an eye, also for one that lacks a kind of cone.

Colour-vision deficiency: the matrices of Machado, Oliveira and Fernandes 2009 for a total loss,
doi:10.1109/TVCG.2009.113. Distance: CAM02-UCS of Luo, Cui and Li 2006, doi:10.1002/col.20227, on CIECAM02 (CIE 159)
with the surroundings of sRGB: average, a background of 20 %, an adapting luminance of 64 lux / pi / 5. 1 is about what
the eye can tell side by side.
"""

from __future__ import annotations

import numpy as np

LOSS = {
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = 100 * np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CAT02 = np.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061], [0.0030, 0.0136, 0.9834]])
CONES = np.array([[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0, 0, 1]])  # Hunt, Pointer, Estevez
WHITE = CAT02 @ [95.047, 100.0, 108.883]
LUMINANCE = 64 / np.pi / 5
K = 1 / (5 * LUMINANCE + 1)
F_L = 0.2 * K**4 * 5 * LUMINANCE + 0.1 * (1 - K**4) ** 2 * (5 * LUMINANCE) ** (1 / 3)
N = 0.2
N_BB = 0.725 * N**-0.2
ADAPTED = 1 - np.exp((-LUMINANCE - 42) / 92) / 3.6


def distance(one: str, other: str) -> float:
    """Return how far apart two colours are for the eye, of four kinds, that tells them apart least."""
    first, second = linear(one), linear(other)
    pairs = [(first, second), *((seen(first, loss), seen(second, loss)) for loss in LOSS.values())]
    return min(float(np.linalg.norm(uniform(left) - uniform(right))) for left, right in pairs)


def linear(color: str) -> np.ndarray:
    """Return the linear red, green and blue of a colour such as #204060."""
    rgb = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def seen(rgb: np.ndarray, loss: list[list[float]]) -> np.ndarray:
    """Return the colour that looks to everybody as this one does to an eye that lacks a kind of cone."""
    return np.clip(np.array(loss) @ rgb, 0, 1)


def response(rgb: np.ndarray) -> np.ndarray:
    """Return what the three kinds of cone answer to an adapted stimulus."""
    answer = CONES @ np.linalg.inv(CAT02) @ ((ADAPTED * 100 / WHITE + 1 - ADAPTED) * rgb)
    power = (F_L * np.abs(answer) / 100) ** 0.42
    return np.sign(answer) * 400 * power / (power + 27.13) + 0.1


def uniform(rgb: np.ndarray) -> np.ndarray:
    """Return a linear colour in CAM02-UCS: lightness, and two axes of colour."""
    answer = response(CAT02 @ TO_XYZ @ rgb)
    a, b = answer @ [1, -12 / 11, 1 / 11], answer @ [1 / 9, 1 / 9, -2 / 9]
    achromatic, white = (x @ [2, 1, 1 / 20] - 0.305 for x in (answer, response(WHITE)))
    lightness = 100 * (achromatic / white) ** (0.69 * (1.48 + np.sqrt(N)))
    hue = np.arctan2(b, a)
    chroma = 12500 / 13 * N_BB * (np.cos(hue + 2) + 3.8) * np.hypot(a, b) / (answer @ [1, 1, 21 / 20])
    colourful = chroma**0.9 * np.sqrt(lightness / 100) * (1.64 - 0.29**N) ** 0.73 * F_L**0.25
    far = np.log(1 + 0.0228 * colourful) / 0.0228
    return np.array([1.7 * lightness / (1 + 0.007 * lightness), far * np.cos(hue), far * np.sin(hue)])
