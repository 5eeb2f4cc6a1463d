#!/usr/bin/env python3
"""Writes problems.npz for ../lasso.yaml; needs numpy and scikit-learn (for the optimum only)."""
import numpy as np

import lasso

LAMBDAS = (205, 410, 819)  # 0.05, 0.1, 0.2


def optimum(columns, signal, price):
    from sklearn.linear_model import Lasso
    model = Lasso(alpha=price / len(signal), positive=True, fit_intercept=False, tol=1e-8, max_iter=20000)
    return lasso.objective(columns, signal, price, model.fit(columns, signal).coef_)


columns, signals = lasso.dictionary(), lasso.signals()
gram = np.rint(127 * 64 * (columns.T @ columns)).astype(np.int64)
np.fill_diagonal(gram, 0)
coarse, fine = np.divmod(gram, 64)
drive = np.rint(lasso.ONE * (signals @ columns)).astype(np.int32)
best = {f"optimum_{price}": np.array([optimum(columns, signal, price / lasso.ONE) for signal in signals])
        for price in LAMBDAS}
np.savez_compressed(lasso.FOLDER / "problems.npz", coarse=coarse.astype(np.uint8), fine=fine.astype(np.uint8),
                    drive=drive, **best)
