"""Sudokus with one solution: a random full grid (order of digits tried at random), from which random cells are removed."""
import numpy as np


def _candidates(grid, cell):
    row, column = divmod(cell, 9)
    box = grid.reshape(3, 3, 3, 3)[row // 3, :, column // 3].ravel()
    return np.setdiff1d(np.arange(9), np.concatenate([grid[row], grid[:, column], box]))


def solutions(grid, limit, random=None):
    """Up to `limit` ways to fill the cells of `grid` (9, 9) that are -1; with `random` in random order."""
    empty = np.flatnonzero(grid.ravel() < 0)
    if len(empty) == 0:
        return [grid.copy()]
    choices = [_candidates(grid, cell) for cell in empty]
    fewest = min(range(len(empty)), key=lambda i: len(choices[i]))
    digits = choices[fewest] if random is None else random.permutation(choices[fewest])
    found = []
    for digit in digits:
        grid.ravel()[empty[fewest]] = digit
        found += solutions(grid, limit - len(found), random)
        if len(found) >= limit:
            break
    grid.ravel()[empty[fewest]] = -1
    return found


def puzzles(holes, count, seed):
    """`count` grids (9, 9) of digits 0..8 with `holes` cells of -1 and exactly one solution."""
    random = np.random.default_rng(seed)
    made = []
    while len(made) < count:
        grid = solutions(np.full((9, 9), -1), 1, random)[0]
        grid.ravel()[random.permutation(81)[:holes]] = -1
        if len(solutions(grid, 2)) == 1:
            made.append(grid)
    return made


def is_solution(grid, given):
    """Whether `grid` (9, 9) keeps what is given and has each digit once in each row, column and box."""
    boxes = grid.reshape(3, 3, 3, 3).swapaxes(1, 2).reshape(9, 9)
    groups = np.concatenate([grid, grid.T, boxes])
    return bool((grid[given >= 0] == given[given >= 0]).all() and (np.sort(groups, 1) == np.arange(9)).all())


def conflicts():
    """Pairs (source, target) of neurons row * 81 + column * 9 + digit that exclude each other."""
    neuron = np.arange(729)
    row, column, digit = neuron // 81, neuron // 9 % 9, neuron % 9
    box = row // 3 * 3 + column // 3
    same = lambda what: what[:, None] == what  # noqa: E731
    place = same(row) & same(column)
    excludes = place & ~same(digit) | same(digit) & ~place & (same(row) | same(column) | same(box))
    return np.argwhere(excludes)
