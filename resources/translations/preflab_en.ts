<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>preflab::AnnotateTab</name>
        <message numerus="yes">
            <source>%n decision(s) in this sitting.</source>
            <translation>
                <numerusform>%n decision in this sitting.</numerusform>
                <numerusform>%n decisions in this sitting.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln vote(s) not applied yet</source>
            <translation>
                <numerusform>%Ln vote not applied yet</numerusform>
                <numerusform>%Ln votes not applied yet</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::CacheCard</name>
        <message numerus="yes">
            <source>%1 in %n file(s)</source>
            <translation>
                <numerusform>%1 in %n file</numerusform>
                <numerusform>%1 in %n files</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 %n file(s) stayed: %2</source>
            <extracomment>what was freed; how many stayed and why</extracomment>
            <translation>
                <numerusform>%1 %n file stayed: %2</numerusform>
                <numerusform>%1 %n files stayed: %2</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::CloseQuestion</name>
        <message numerus="yes">
            <source>%n runs are not finished</source>
            <translation>
                <numerusform>%n run is not finished</numerusform>
                <numerusform>%n runs are not finished</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::DataPage</name>
        <message numerus="yes">
            <source>%1 pair(s) written to %2%3</source>
            <translation>
                <numerusform>%1 pair written to %2%3</numerusform>
                <numerusform>%1 pairs written to %2%3</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::DataToolbar</name>
        <message numerus="yes">
            <source>%1 pair(s)</source>
            <translation>
                <numerusform>%1 pair</numerusform>
                <numerusform>%1 pairs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %2 pair(s)</source>
            <translation>
                <numerusform>%1 of %2 pair</numerusform>
                <numerusform>%1 of %2 pairs</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::DatasetSession</name>
        <message numerus="yes">
            <source>swap of %n pair(s)</source>
            <translation>
                <numerusform>swap of %n pair</numerusform>
                <numerusform>swap of %n pairs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>exclusion of %n pair(s)</source>
            <translation>
                <numerusform>exclusion of %n pair</numerusform>
                <numerusform>exclusion of %n pairs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>return of %n pair(s)</source>
            <translation>
                <numerusform>return of %n pair</numerusform>
                <numerusform>return of %n pairs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>tags of %n pair(s)</source>
            <translation>
                <numerusform>tags of %n pair</numerusform>
                <numerusform>tags of %n pairs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>acceptance of %n label(s)</source>
            <translation>
                <numerusform>acceptance of %n label</numerusform>
                <numerusform>acceptance of %n labels</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::EstimateCard</name>
        <message numerus="yes">
            <source>%n run(s), one after the other; %1</source>
            <translation>
                <numerusform>%n run, one after the other; %1</numerusform>
                <numerusform>%n runs, one after the other; %1</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::ExportQuestion</name>
        <message numerus="yes">
            <source>%Ln pair(s) are written as they are now, with your edits</source>
            <translation>
                <numerusform>%Ln pair is written as it is now, with your edits</numerusform>
                <numerusform>%Ln pairs are written as they are now, with your edits</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln vote(s) not applied; the export takes pairs as they stand.</source>
            <translation>
                <numerusform>%Ln vote not applied; the export takes pairs as they stand.</numerusform>
                <numerusform>%Ln votes not applied; the export takes pairs as they stand.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::MainWindow</name>
        <message numerus="yes">
            <source>CPU · %n thread(s)</source>
            <translation>
                <numerusform>CPU · %n thread</numerusform>
                <numerusform>CPU · %n threads</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::PairFacts</name>
        <message numerus="yes">
            <source>Hatched: %n token(s) are cut off at this limit.</source>
            <translation>
                <numerusform>Hatched: %n token is cut off at this limit.</numerusform>
                <numerusform>Hatched: %n tokens are cut off at this limit.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::PairView</name>
        <message numerus="yes">
            <source>%1 token(s)</source>
            <translation>
                <numerusform>%1 token</numerusform>
                <numerusform>%1 tokens</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 character(s)</source>
            <translation>
                <numerusform>%1 character</numerusform>
                <numerusform>%1 characters</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::PreviewCard</name>
        <message numerus="yes">
            <source>%n pair(s) scored</source>
            <translation>
                <numerusform>%n pair scored</numerusform>
                <numerusform>%n pairs scored</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::RecentProjectsModel</name>
        <message numerus="yes">
            <source>%n run(s)</source>
            <translation>
                <numerusform>%n run</numerusform>
                <numerusform>%n runs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 pair(s)</source>
            <translation>
                <numerusform>%1 pair</numerusform>
                <numerusform>%1 pairs</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::ReviewPanel</name>
        <message numerus="yes">
            <source>%n passed</source>
            <translation>
                <numerusform>%n passed</numerusform>
                <numerusform>%n passed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::SettingsForm</name>
        <message numerus="yes">
            <source>%n more setting(s)</source>
            <translation>
                <numerusform>%n more setting</numerusform>
                <numerusform>%n more settings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::SettingsPage</name>
        <message numerus="yes">
            <source>of %n core(s)</source>
            <translation>
                <numerusform>of %n core</numerusform>
                <numerusform>of %n cores</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::StartBar</name>
        <message numerus="yes">
            <source>%n thing(s) to solve first</source>
            <translation>
                <numerusform>%n thing to solve first</numerusform>
                <numerusform>%n things to solve first</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Ready. %n finding(s) to look at</source>
            <translation>
                <numerusform>Ready. %n finding to look at</numerusform>
                <numerusform>Ready. %n findings to look at</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::TryPanel</name>
        <message numerus="yes">
            <source>%n token(s)</source>
            <translation>
                <numerusform>%n token</numerusform>
                <numerusform>%n tokens</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::TurnsView</name>
        <message numerus="yes">
            <source>%n earlier turn(s)</source>
            <translation>
                <numerusform>%n earlier turn</numerusform>
                <numerusform>%n earlier turns</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::VotesQuestion</name>
        <message numerus="yes">
            <source>Exchange %Ln pair(s) whose rejected answer is better</source>
            <translation>
                <numerusform>Exchange %Ln pair whose rejected answer is better</numerusform>
                <numerusform>Exchange %Ln pairs whose rejected answer is better</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Leave out %Ln tie(s)</source>
            <translation>
                <numerusform>Leave out %Ln tie</numerusform>
                <numerusform>Leave out %Ln ties</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Leave out %Ln pair(s) of two bad answers</source>
            <translation>
                <numerusform>Leave out %Ln pair of two bad answers</numerusform>
                <numerusform>Leave out %Ln pairs of two bad answers</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::DraftChecks</name>
        <message numerus="yes">
            <source>%Ln row(s) could not be read and are left out.</source>
            <translation>
                <numerusform>%Ln row could not be read and is left out.</numerusform>
                <numerusform>%Ln rows could not be read and are left out.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pair(s) are longer than %1 tokens; their ends are cut off.</source>
            <translation>
                <numerusform>%Ln pair is longer than %1 tokens; its end is cut off.</numerusform>
                <numerusform>%Ln pairs are longer than %1 tokens; their ends are cut off.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pair(s) are left out: the prompt alone fills %1 tokens.</source>
            <translation>
                <numerusform>%Ln pair is left out: the prompt alone fills %1 tokens.</numerusform>
                <numerusform>%Ln pairs are left out: the prompt alone fills %1 tokens.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pair(s) have two equal answers once they are cut, and teach nothing.</source>
            <translation>
                <numerusform>%Ln pair has two equal answers once it is cut, and teaches nothing.</numerusform>
                <numerusform>%Ln pairs have two equal answers once they are cut, and teach nothing.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pair(s) have two identical answers and teach no preference.</source>
            <translation>
                <numerusform>%Ln pair has two identical answers and teaches no preference.</numerusform>
                <numerusform>%Ln pairs have two identical answers and teach no preference.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pair(s) have an empty answer.</source>
            <translation>
                <numerusform>%Ln pair has an empty answer.</numerusform>
                <numerusform>%Ln pairs have an empty answer.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pair(s) are held out, to tell whether training helps</source>
            <translation>
                <numerusform>%Ln pair is held out, to tell whether training helps</numerusform>
                <numerusform>%Ln pairs are held out, to tell whether training helps</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Warm-up lasts as long as the whole run of %Ln step(s): the learning rate is never reached.</source>
            <translation>
                <numerusform>Warm-up lasts as long as the whole run of %Ln step: the learning rate is never reached.</numerusform>
                <numerusform>Warm-up lasts as long as the whole run of %Ln steps: the learning rate is never reached.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln vote(s) not applied; training takes pairs as they stand.</source>
            <translation>
                <numerusform>%Ln vote not applied; training takes pairs as they stand.</numerusform>
                <numerusform>%Ln votes not applied; training takes pairs as they stand.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::FindingsText</name>
        <message numerus="yes">
            <source>%n row(s) could not be read and are left out</source>
            <translation>
                <numerusform>%n row could not be read and is left out</numerusform>
                <numerusform>%n rows could not be read and are left out</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n pair(s) have two identical answers</source>
            <translation>
                <numerusform>%n pair has two identical answers</numerusform>
                <numerusform>%n pairs have two identical answers</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n pair(s) have an empty side</source>
            <translation>
                <numerusform>%n pair has an empty side</numerusform>
                <numerusform>%n pairs have an empty side</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n row(s) with changes are no longer in the file</source>
            <translation>
                <numerusform>%n row with changes is no longer in the file</numerusform>
                <numerusform>%n rows with changes are no longer in the file</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n row(s) have changes that count with other columns only</source>
            <translation>
                <numerusform>%n row has changes that count with other columns only</numerusform>
                <numerusform>%n rows have changes that count with other columns only</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>preflab::ModelFacts</name>
        <message numerus="yes">
            <source>%n head(s)</source>
            <translation>
                <numerusform>%n head</numerusform>
                <numerusform>%n heads</numerusform>
            </translation>
        </message>
    </context>
</TS>
