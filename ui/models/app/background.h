// SPDX-License-Identifier: GPL-3.0-or-later
// Work on a thread whose result comes back as an event of its own.
#pragma once

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

#include <utility>

namespace preflab {

/// Calls `take(result)` on the thread of `context` once `future` has its result, always in a later turn of its event loop;
/// not at all if `context` has gone by then, or the work was cancelled. The result is moved out of the future, which is of
/// no use afterwards: waiting for it would never end. (QFuture::then of Qt 6.4 takes a context that has gone for an error,
/// and calls at once when the work is done already, in the middle of whoever asked.)
template <class Result, class Take>
void whenDone(const QFuture<Result>& future, QObject* context, Take take)
{
    auto* watcher = new QFutureWatcher<Result>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, take = std::move(take)]() mutable {
        watcher->deleteLater();
        QFuture<Result> done = watcher->future();
        if (done.resultCount() > 0) take(done.takeResult());
    });
    watcher->setFuture(future);
}

}  // namespace preflab
