// SPDX-License-Identifier: GPL-3.0-or-later
// Work on a thread whose result comes back as an event of its own.
#pragma once

#include <QFuture>
#include <QFutureWatcher>
#include <QMetaObject>
#include <QObject>
#include <QThreadPool>

#include <utility>

namespace preflab {

/// Runs `work()` in `pool`, and then `take(result)` on the thread of `context`, always in a later turn of its event loop.
/// (QFuture::then calls at once when the work is done already, in the middle of whoever asked.) `context` must wait for
/// the pool before it is destroyed; what comes after that is dropped.
template <class Work, class Take>
void runInBackground(QThreadPool& pool, QObject* context, Work work, Take take)
{
    pool.start([context, work = std::move(work), take = std::move(take)]() mutable {
        auto result = work();
        auto deliver = [take = std::move(take), result = std::move(result)]() mutable { take(std::move(result)); };
        QMetaObject::invokeMethod(context, std::move(deliver), Qt::QueuedConnection);
    });
}

/// Calls `take(result)` on the thread of `context` once `future` has its result, in a later turn of its event loop; not
/// at all if `context` has gone by then, or the work was cancelled. (QFuture::then of Qt 6.4 takes a context that has
/// gone for an error.)
template <class Result, class Take>
void whenDone(const QFuture<Result>& future, QObject* context, Take take)
{
    auto* watcher = new QFutureWatcher<Result>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, take = std::move(take)]() mutable {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0) take(watcher->result());
    });
    watcher->setFuture(future);
}

}  // namespace preflab
